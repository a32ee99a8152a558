"""The company itself: what it says about working there, and what it promises applicants."""
