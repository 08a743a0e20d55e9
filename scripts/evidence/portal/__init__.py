"""A portal as citizens meet it: real handshakes and requests to its floating IP, from outside the cloud."""
