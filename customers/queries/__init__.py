from customers.queries.profiles import public_root_ids

__all__ = ["public_root_ids"]
