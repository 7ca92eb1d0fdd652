"""Running Backdesk: is it well, what does it do, and how is it kept safe.

- `doctor`: what could be wrong, each with the one thing to do about it
- `backup`: all of it in one file, and back
- `probes`: /health/live, /health/ready and /metrics, answered before anything else is asked
- `observing`: one line of log and one count a request
"""
