"""What both sides of the executive may know; imports nothing else of ours."""
