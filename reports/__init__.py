"""Reading everybody below: termly reports as PDF, dashboards, lists and exports."""
