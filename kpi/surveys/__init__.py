"""What belongs to surveys alone: kinds and occasions, links, quiet hours, texts, who is reached how."""
