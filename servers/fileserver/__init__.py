"""The file server: drives, directories and open files, behind `!FileServer`."""
