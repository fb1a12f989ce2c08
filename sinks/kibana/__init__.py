"""What analysts see: data views and the Incidents dashboard, as one file of Kibana's saved objects.

`build` makes the file, which is committed; `load` imports it.
"""
