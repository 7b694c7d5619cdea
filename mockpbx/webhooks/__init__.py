"""Events sent to the receivers that subscribed to them."""
