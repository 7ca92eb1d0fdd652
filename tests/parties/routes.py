from tests.permissions import Route

ROUTES = {
    "login": Route(public=True),
    "logout": Route(method="post", public=True),
    # Choosing an organisation one does not belong to is tested with the page itself.
    "choose-organisation": Route(method="post", of=None),
}
