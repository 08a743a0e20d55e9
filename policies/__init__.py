"""What must hold: the policy pack for every preview and update, and the catalogue of controls for audits."""
