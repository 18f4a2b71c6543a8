"""The nanokernel: carries emulated threads, parks them, and keeps the time.

The only user of `threading` and `greenlet`. Nothing above can tell which back-end it
runs on.
"""
