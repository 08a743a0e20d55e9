"""What must hold: the catalogue of controls that audit checks are evidence for."""
