"""Visit notes by different hands, kept with what each says was seen, checked, told, denied and promised."""
