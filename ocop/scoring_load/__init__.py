"""All councils of the country scoring at once: the councils, the members at their tablets, the comparison."""
