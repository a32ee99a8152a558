"""The recruiters' workplace, and the work that is done in the background."""
