# Turns what pip says into a line now and then.
/^Collecting/ { found++; if (found % 40 == 0) { print "  " found " packages fetched"; fflush() } }
/^Installing collected/ { print "  installing them"; fflush() }
