"""Bibliography: sources and cited works as CSL-JSON, BibTeX, RIS, and as lists for people."""
