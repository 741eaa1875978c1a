"""Reading: corpus folders, texts and Turtle into records."""
