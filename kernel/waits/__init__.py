"""What threads wait on: semaphores, mutexes, timers."""
