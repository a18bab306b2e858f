def func1():
    print(1)
    print(2)


def func2():
    print(3)
    print(4)


func1()
func2()
