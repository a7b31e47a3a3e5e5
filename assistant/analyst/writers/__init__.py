"""Writers: one function per frame, each turning what the tools found into lines of an answer."""
