"""Financial statements: from pages, sheets and tables to facts with item, period, scope, scale and place."""
