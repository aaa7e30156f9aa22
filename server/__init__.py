"""What a server adds to the steps: reports, their door, metrics, pools and roles of businesses."""
