"""What every app may use and that knows no pupil: keys, queueing, navigation, charts, PDF."""
