"""The IACP server: server lists, connections, and the launching of servers."""
