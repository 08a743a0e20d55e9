"""The evidence as OSCAL, the interchange format for controls and assessments (NIST, version 1.2.1)."""
