"""Floor 4: ways in and out: command line, later Slack, API, MCP."""
