"""The openings for other programs: a job board as JSON, in the shape that Greenhouse documents.

https://developers.greenhouse.io/job-board.html
"""
