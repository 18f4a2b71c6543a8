"""L4Re component servers: capabilities, gates, server loops, generated interfaces."""
