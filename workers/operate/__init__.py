"""Operate: what whoever runs Kabar needs: the embedded stack, health, doctor, setup, single articles."""
