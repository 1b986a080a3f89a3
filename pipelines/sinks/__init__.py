"""Where alerts go: files, pages, trackers, chat rooms, exit codes. Each is a small class with one method."""
