"""How fast, and how far: ratios against what a user would run instead, measured side by side."""
