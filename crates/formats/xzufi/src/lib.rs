//! Service catalogue messages (XZuFi), read as a stream
