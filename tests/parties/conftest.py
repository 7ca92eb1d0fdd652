from tests.platform.web.browser import browser_page, chromium, scriptless_page

__all__ = ["browser_page", "chromium", "scriptless_page"]
