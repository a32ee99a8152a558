"""Pages that mix rooms: home, working here, hiring, policies; what machines ask for; the demo."""
