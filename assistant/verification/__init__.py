"""The gate: nothing a tool did not find leaves the process. Pure; it reads an answer and the artifacts, and lists what fails."""
