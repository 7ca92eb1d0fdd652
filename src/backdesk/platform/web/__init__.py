"""The shell every page lives in: design system, navigation, home, tables, error pages."""
