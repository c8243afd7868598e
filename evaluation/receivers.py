"""What evaluation adds to the dossier's road (events declared by `products`)."""
