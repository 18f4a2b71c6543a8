"""The IDL compiler: descriptions of L4Re interfaces in, Python modules out.

    text ─► parser ─► nodes ─► checker ─► model ─► emitters ─► files

Its functions are `compile_file` in compilation.py, `generate` and `write_files` in
output.py. Nothing here knows of the machine, or of what the modules run on; and nothing
is imported here, for the importer is to be light until it has something to compile.
"""
