"""Files that candidates upload: checked, stored durably and privately, and never opened on a server.

Bytes are in the storage `documents`; a row of `Document` names them.
"""
