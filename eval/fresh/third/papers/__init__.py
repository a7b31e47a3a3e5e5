"""How the third bank's borrowers and officers set their papers."""
