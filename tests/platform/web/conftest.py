from tests.platform.web.browser import browser_page, chromium

__all__ = ["browser_page", "chromium"]
