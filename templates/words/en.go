package words

func init() {
	add(Language{
		Code: "en", Name: "English",
		Short:     [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		Months:    [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		Thousands: ",", Together: 3, Point: ".",
	})
}
