package ingest

// StoreError is why a block could not be stored. Whoever stores blocks returns it, so that whoever feeds it can tell a
// fault of the data from a fault of the moment without knowing the store.
type StoreError struct {
	// Code is the store's own short code for metrics and dead letters, e.g. 469.
	Code string
	// Permanent says that the rows themselves are refused and that none of the block is stored: the same block will be
	// refused again, some part of it may not be.
	Permanent bool
	// Field is the column at fault where the store names one, else FieldMessage.
	Field string
	// Err is the store's own error. It may quote the row, which is personal: it belongs in no dead letter.
	Err error
}

// Error gives the store's own sentence.
func (e *StoreError) Error() string { return e.Err.Error() }

// Unwrap gives the store's own error.
func (e *StoreError) Unwrap() error { return e.Err }

// Unstorable is the refusal of an event that is one by the contract, and that the store does not take. The reason quotes
// nothing of the event.
func Unstorable(field, code string) *Error {
	if field == "" {
		field = FieldMessage
	}
	return refuse(ClassUnstorable, field, "is refused by the store (code "+code+"): see its table's types and constraints, then replay the message")
}
