"""The company: perks, values, testimonials, hiring steps, videos and policies."""
