SELECT position, type, stream, digest FROM ledger.event WHERE source = %(source)s AND id = %(id)s AND position <= %(until)s
