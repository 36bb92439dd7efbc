"""The resolver: a process of its own that follows short links, from one host of the table to the next, and no farther.

POST /v1/resolve -- cache, one flight a link --> walk: may it be asked? listed? -- names, once --> all public?
                                                  ^                                              |
                                                  '-- Location <-- head of the answer <-- pinned address
"""
