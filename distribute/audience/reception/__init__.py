"""People who come by themselves: they join, confirm, choose and leave."""
