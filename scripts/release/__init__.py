"""What scripts/package does: one tree of files, and the archive, the .deb, the image and the parts list made from it."""
