"""What customers are told of their consents: the result of giving or withdrawing one, and every two years that one goes on."""
