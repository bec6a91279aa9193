"""The pages that bring the rooms together: Today, my students, a student's page and story."""
