"""An issue laid out for its editors, before its readers get it: a gallery to look at."""
